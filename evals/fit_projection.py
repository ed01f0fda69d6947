"""Make the embedder's projection anew: `python -m evals.fit_projection`. Afterwards `afterword library encode`, and search is tuned again.

It reads the lines of the library and of cues.toml, and nothing that anything is measured with. The result depends on the processor in its
last digits only.
"""

from __future__ import annotations

from assistant import resources, settings, wiring
from assistant.embedding import projection
from assistant.library import cues, load
from assistant.library.facets import facets

_EVERY = 2  # of the lines; more of them change nothing that is measured


def main() -> None:
    """Encode the lines, fit, and write the file."""
    texts = sorted({facet.text for facet in facets(load(resources.folder("knowledge")).everything, cues.shipped())})[::_EVERY]
    with wiring.embeddings(settings.load()) as embeddings:
        middle, basis = projection.fit(embeddings.layers(texts))
    projection.save(middle, basis)


if __name__ == "__main__":
    main()

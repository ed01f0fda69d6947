"""The vectors that ship with the library are those that the search model makes, and there is one for each text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant import resources, settings, wiring
from assistant.embedding import identity
from assistant.library import cues, load, shipping
from assistant.library.facets import facets
from assistant.library.vectors import digests, encode
from tests.library_files import write_note, write_sources

_NEAR = 0.999  # what rounding to 8 bits leaves of a cosine of 1


def test_every_text_of_the_library_ships_with_its_vector() -> None:
    assert shipping.missing(load(resources.folder("knowledge")), identity()) == 0


def test_what_ships_is_what_the_search_model_makes() -> None:
    library = load(resources.folder("knowledge"))
    some = facets(library.everything, cues.shipped())[::400]
    shipped = shipping.read(library.folder)
    with wiring.embeddings(settings.load()) as embeddings:
        made = encode([facet.text for facet in some], embeddings)
        kept = np.stack([shipped[digest] for digest in digests(some, embeddings.identity)])
    assert (np.einsum("ij,ij->i", made, kept) > _NEAR).all()


def test_a_new_text_is_missed_until_it_is_encoded(tmp_path: Path, fake_embedder: Embeddings) -> None:
    write_sources(tmp_path, "practice")
    write_note(tmp_path, "tea")
    shipping.ship(load(tmp_path), fake_embedder, "fake")
    assert shipping.missing(load(tmp_path), "fake") == 0
    write_note(tmp_path, "walk", title="A walk by the sea")
    changed = load(tmp_path)
    assert shipping.missing(changed, "fake") > 0
    shipping.ship(changed, fake_embedder, "fake")
    assert shipping.missing(changed, "fake") == 0


def test_a_missing_or_broken_file_is_only_made_again(tmp_path: Path) -> None:
    assert shipping.read(tmp_path) == {}
    (tmp_path / "vectors.npz").write_bytes(b"PK nothing")
    assert shipping.read(tmp_path) == {}

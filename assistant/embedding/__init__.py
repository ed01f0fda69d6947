"""all-MiniLM-L6-v2 in a process of its own: search and screening never wait for a reply being written."""

from assistant.embedding.embedder import WorkerEmbeddings, identity
from assistant.embedding.service import StartEmbedder

__all__ = ["StartEmbedder", "WorkerEmbeddings", "identity"]

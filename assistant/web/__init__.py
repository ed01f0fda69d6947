"""The page: our own small web app on loopback with the guard and the plain pages, and Gradio's Talk page mounted in it once it is made."""

from assistant.web.server import serve

__all__ = ["serve"]

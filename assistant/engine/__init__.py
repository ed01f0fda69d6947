"""The local language model: a LangChain chat model over llama.cpp in a process of its own.

This door imports nothing heavy; `chat_model` and `service` are imported where they are used.
"""

"""The tests; test_<module>.py mirrors assistant/<module>.py."""

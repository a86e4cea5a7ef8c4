"""followup: whom to contact today after a sale, why, how, with which words, and what happens next."""

__version__ = "0.1.0"

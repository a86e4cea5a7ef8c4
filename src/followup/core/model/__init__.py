"""The nouns of the glossary, one module each, as frozen values."""

"""Minutes as files that leave the product: a document of Word, and a PDF."""

from boards.documents.pdf import pdf
from boards.documents.word import docx

__all__ = ["docx", "pdf"]

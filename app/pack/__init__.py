"""The board pack: the report's numbers of one period as a printed document, made from one published version."""

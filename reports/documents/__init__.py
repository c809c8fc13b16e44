"""The post-crisis report as documents: one content, the same words in page, PDF and JSON. No Django here."""

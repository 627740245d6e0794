"""The published site: pages in every language of the project, and what lies beside them."""

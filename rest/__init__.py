"""What all pages of the REST API share: scopes, paging, problems, conditional writes. No tables."""

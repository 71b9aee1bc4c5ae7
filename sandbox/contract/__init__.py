"""The contract: an OpenAPI document at work, and the few rules that the document cannot say."""

"""The crawler: from a publisher's listing to reviews and documents in the archive. The only importer of scrapy."""

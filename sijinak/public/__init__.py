"""What anybody may see: a tag, a permit, a receipt, the tariff."""

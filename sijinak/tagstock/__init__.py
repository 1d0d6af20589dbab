"""Tags in the cupboard and in officers' bags, before an animal wears them and after."""

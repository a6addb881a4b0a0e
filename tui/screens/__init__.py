"""The screens: each shows and asks; the vault does."""

"""Every sentence a person reads, whole, in English and Arabic."""

"""Secret key material: identities, sealing, streams and slots; bytes in, bytes out."""

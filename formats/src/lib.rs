//! History formats of tribunal: bytes to histories and back.

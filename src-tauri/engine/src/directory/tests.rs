//! What APIs answer, read.

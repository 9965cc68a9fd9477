//! every simulator of tierwire held against the golden model.

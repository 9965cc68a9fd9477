//! tierwire's blocks in rust-hdl, and the Verilog exporter.

//! the open hardware tools tierwire drives: installed, pinned, called.

//! Every promise of the host, tried on the running program.

mod bad_input;
mod durability;
mod erasure;
mod identity;
mod life;
mod limits;
mod records;
mod start;
mod surface;
mod tampering;
mod waiting;

//! Every promise of the host, tried on the running program.

mod bad_input;
mod durability;
mod erasure;
mod files;
mod identity;
mod incidents;
mod life;
mod limits;
mod process;
mod records;
mod refusals;
mod start;
mod surface;
mod tampering;
mod times;
mod vectors;
mod waiting;
mod whole;

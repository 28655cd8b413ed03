//! What cargo hands a wasm test binary to: `cargo xtask test` names it as the runner of the wasm target.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}

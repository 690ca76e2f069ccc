#!/usr/bin/env bash
# refinery's Config reads "sslmode" of a URL, of which it knows "disable" and "require" and refuses "verify-full", and makes a URL
# without parameters for tokio-postgres: an application_name, options and the mode itself go no further, though tokio-postgres
# would take them from the same URL. Needs Rust with cargo. Exits non-zero when a version behaves in another way.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "1.0.0"
edition = "2021"

[dependencies]
refinery = { version = "=0.10.0", features = ["config", "tokio-postgres"] }
tokio = { version = "1", features = ["macros", "rt"] }
tokio-postgres = "=0.7.18"

[profile.dev]
debug = 0
TOML
cat > src/main.rs <<'RUST'
use refinery::{config::Config, Migration, Runner};
use std::io::Read;
use std::net::TcpListener;
use std::str::FromStr;

/// A server that prints what the first message has, and ends the connection.
fn serve(who: &'static str) -> (String, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let mut message = [0; 1024];
        let length = listener.accept().unwrap().0.read(&mut message).unwrap();
        let text = String::from_utf8_lossy(&message[..length]);
        println!("{who}: application_name {}, options {}", text.contains("application_name"), text.contains("options"));
    });
    (format!("postgresql://user:password@{address}/db?sslmode=disable&application_name=orders&options=-c%20a.b%3Dc"), server)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for mode in ["verify-full", "require", "disable"] {
        let result = Config::from_str(&format!("postgresql://user:password@localhost/db?sslmode={mode}"));
        println!("{mode} {}", if result.is_ok() { "accepted" } else { "refused" });
    }
    let (url, server) = serve("refinery");
    let migration = Migration::unapplied("V1__first", "SELECT 1").unwrap();
    let _ = Runner::new(&[migration]).run_async(&mut Config::from_str(&url).unwrap()).await;
    server.join().unwrap();
    let (url, server) = serve("tokio-postgres");
    let _ = tokio_postgres::connect(&url, tokio_postgres::NoTls).await;
    server.join().unwrap();
}
RUST
seen=$(cargo run --quiet 2> /dev/null)
echo "refinery 0.10.0, tokio-postgres 0.7.18, values of sslmode, and what of one URL is sent:"
echo "$seen"
[ "$seen" = "verify-full refused
require accepted
disable accepted
refinery: application_name false, options false
tokio-postgres: application_name true, options true" ]

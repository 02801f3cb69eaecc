//! The program as its callers see it: exit codes, streams, text.

#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/certify.rs"]
mod certify;
#[path = "cli/ci.rs"]
mod ci;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/exits.rs"]
mod exits;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/limits.rs"]
mod limits;
#[path = "cli/listings.rs"]
mod listings;
#[path = "cli/profile.rs"]
mod profile;
#[path = "cli/shards.rs"]
mod shards;
#[path = "cli/shrink.rs"]
mod shrink;
#[path = "cli/support.rs"]
mod support;
#[path = "cli/text.rs"]
mod text;

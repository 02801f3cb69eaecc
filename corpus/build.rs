//! Lists the litmus histories, so that they are part of the library: a file in `litmus/` is all it takes to add one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=litmus");
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by Cargo")).join("litmus");
    let mut list = String::from("&[\n");
    for family in sorted(&folder)?.iter().filter(|family| family.is_dir()) {
        println!("cargo::rerun-if-changed={}", family.display());
        for file in sorted(family)? {
            if file.extension().is_some_and(|extension| extension == "hist") {
                let (family, name) = (stem(family), stem(&file));
                let path = file.to_string_lossy().into_owned();
                writeln!(list, "({family:?}, {name:?}, include_str!({path:?})),").expect("a String");
            }
        }
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by Cargo")).join("litmus.rs");
    fs::write(out, list)
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

//! The inputs that a command line names: files, folders, standard input.

use super::Failure;
use std::io;
use std::path::{Path, PathBuf};

/// One input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Input {
    /// `-`.
    Stdin,
    /// A file, which may turn out not to be readable.
    File(PathBuf),
    /// A folder whose files could not be listed, and why.
    Unlisted(PathBuf, String),
}

impl Input {
    /// The name in results.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Stdin => "-".into(),
            Self::File(path) | Self::Unlisted(path, _) => path.to_string_lossy().into_owned(),
        }
    }
}

/// Replaces each folder by the files that stand in it, sorted by name; hidden files and folders in it are left out.
pub(super) fn expand(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    if paths.iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err(Failure::Usage("`-` (standard input) can be read only once".into()));
    }
    let mut inputs = Vec::new();
    for path in paths {
        if is_stdin(path) {
            inputs.push(Input::Stdin);
        } else if path.is_dir() {
            match files_of(path) {
                Ok(files) if files.is_empty() => {
                    inputs.push(Input::Unlisted(path.clone(), "the folder holds no files".into()));
                }
                Ok(files) => inputs.extend(files.into_iter().map(Input::File)),
                Err(error) => inputs.push(Input::Unlisted(path.clone(), error.to_string())),
            }
        } else {
            inputs.push(Input::File(path.clone()));
        }
    }
    Ok(inputs)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn files_of(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let path = entry.path();
        if !hidden && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

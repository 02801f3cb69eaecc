//! `tribunal.toml`: options written down once for a project.
//!
//! A table for each command, in it a key for each of its long options. What the file says becomes arguments in front of those on
//! the command line, and only for options that stand there not; so both mean the same, and are checked by the same code.

use super::Failure;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The file that is read where none is named.
const FILE: &str = "tribunal.toml";

/// The id of `--config` among the arguments.
const OPTION: &str = "config_file";

/// The command line with what the configuration adds. `args` has the program's name first.
pub(super) fn with_config(args: Vec<OsString>, program: &Command) -> Result<Vec<OsString>, Failure> {
    // What is wrong on the command line is told when it is parsed in earnest.
    let Ok(given) = program.clone().ignore_errors(true).try_get_matches_from(&args) else { return Ok(args) };
    let Some((name, given_to)) = given.subcommand() else { return Ok(args) };
    let command = program.find_subcommand(name).filter(|command| is_configurable(command));
    let (Some(command), Some(place)) = (command, place_of(name, &args)) else { return Ok(args) };
    let named = given.get_one::<PathBuf>(OPTION).or_else(|| given_to.get_one::<PathBuf>(OPTION)).cloned();
    let path = match named {
        Some(path) => path,
        None if Path::new(FILE).is_file() => FILE.into(),
        None => return Ok(args),
    };
    let file = path.display().to_string();
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Failure::Usage(format!("cannot read {file}: {error}")))?;
    let reader = Reader { file, text: &text, program };
    let added = reader.arguments(command, given_to).map_err(Failure::Usage)?;
    let mut all = args;
    all.splice(place..place, added);
    Ok(all)
}

/// Commands that only list things have nothing to configure.
fn is_configurable(command: &Command) -> bool {
    options(command).next().is_some() && command.get_name() != "man"
}

/// The long options that a file can set.
fn options(command: &Command) -> impl Iterator<Item = (&str, &Arg)> {
    let named = command.get_arguments().filter_map(|arg| Some((arg.get_long()?, arg)));
    named.filter(|(_, arg)| !["help", "version", OPTION].contains(&arg.get_id().as_str()))
}

/// Where the arguments of the command begin.
fn place_of(name: &str, args: &[OsString]) -> Option<usize> {
    let mut at = 1;
    while let Some(arg) = args.get(at) {
        match arg.to_str() {
            Some("--config") => at += 2,
            Some(arg) if arg.starts_with("--config=") => at += 1,
            Some(arg) if arg == name => return Some(at + 1),
            _ => return None,
        }
    }
    None
}

struct Reader<'a> {
    file: String,
    text: &'a str,
    program: &'a Command,
}

impl Reader<'_> {
    /// What the file says to `command`, but for what is `given`. All of the file must make sense.
    fn arguments(&self, command: &Command, given: &ArgMatches) -> Result<Vec<OsString>, String> {
        let table = DeTable::parse(self.text).map_err(|error| {
            self.at(error.span().map_or(0, |span| span.start), error.message().trim_end())
        })?;
        let mut added = Vec::new();
        for (name, value) in table.get_ref() {
            let at = name.span().start;
            let name: &str = name.get_ref();
            let of = self.program.find_subcommand(name).filter(|command| is_configurable(command));
            let (Some(of), DeValue::Table(entries)) = (of, value.get_ref()) else {
                let known = self.program.get_subcommands().filter(|command| is_configurable(command));
                let known: Vec<&str> = known.map(Command::get_name).collect();
                let what = format!(
                    "found `{name}`, expected a table for a command, such as [check]; commands are {}",
                    known.join(", ")
                );
                return Err(self.at(at, &what));
            };
            for (key, value) in entries {
                let at = key.span().start;
                let key: &str = key.get_ref();
                let Some((_, option)) = options(of).find(|(long, _)| *long == key) else {
                    return Err(self.at(at, &unknown(key, of)));
                };
                let args = arguments(key, option, value.get_ref()).map_err(|what| self.at(at, &what))?;
                self.check(of, &args).map_err(|what| self.at(at, &what))?;
                // Only the command itself knows its options by their ids.
                let beaten =
                    || given.value_source(option.get_id().as_str()) == Some(ValueSource::CommandLine);
                if of.get_name() == command.get_name() && !beaten() {
                    added.extend(args.into_iter().map(OsString::from));
                }
            }
        }
        Ok(added)
    }

    /// Whether the command takes these values: that other arguments are missing is not their fault.
    fn check(&self, command: &Command, args: &[String]) -> Result<(), String> {
        let line = ["tribunal", command.get_name()].into_iter().chain(args.iter().map(String::as_str));
        let Err(error) = self.program.clone().try_get_matches_from(line) else { return Ok(()) };
        let bad = [ErrorKind::InvalidValue, ErrorKind::ValueValidation, ErrorKind::InvalidUtf8];
        if !bad.contains(&error.kind()) {
            return Ok(());
        }
        let text = error.to_string();
        let text = text.split("\n\nFor more").next().unwrap_or(&text);
        let words: Vec<&str> = text.trim_start_matches("error: ").split_whitespace().collect();
        Err(words.join(" "))
    }

    fn at(&self, offset: usize, what: &str) -> String {
        let before = &self.text[..offset.min(self.text.len())];
        let line = 1 + before.matches('\n').count();
        let column = 1 + before.len() - before.rfind('\n').map_or(0, |end| end + 1);
        format!("{}:{line}:{column}: {what}", self.file)
    }
}

fn unknown(key: &str, command: &Command) -> String {
    let mut known: Vec<&str> = options(command).map(|option| option.0).collect();
    known.sort_unstable();
    format!("`{key}` is no option of {}; they are {}", command.get_name(), known.join(", "))
}

/// The arguments that say the same as `key = value`.
fn arguments(key: &str, option: &Arg, value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let is_flag = matches!(option.get_action(), ArgAction::SetTrue);
    let one = |value: &DeValue<'_>| match value {
        DeValue::String(text) => Ok(format!("--{key}={text}")),
        DeValue::Integer(number) => Ok(format!("--{key}={}", decimal(number.as_str(), number.radix())?)),
        DeValue::Float(number) => Ok(format!("--{key}={}", number.as_str())),
        DeValue::Boolean(value) => Ok(format!("--{key}={value}")),
        _ => Err(format!("`{key}` takes a text or a number")),
    };
    match value {
        DeValue::Boolean(value) if is_flag => Ok(if *value { vec![format!("--{key}")] } else { Vec::new() }),
        _ if is_flag => Err(format!("`{key}` is true or false")),
        DeValue::Array(values) if matches!(option.get_action(), ArgAction::Append) => {
            values.iter().map(|value| one(value.get_ref())).collect()
        }
        DeValue::Array(_) => Err(format!("`{key}` takes one value, no list")),
        value => one(value).map(|argument| vec![argument]),
    }
}

fn decimal(digits: &str, radix: u32) -> Result<String, String> {
    let number = i128::from_str_radix(digits, radix);
    number.map(|number| number.to_string()).map_err(|_| format!("{digits} is out of range"))
}

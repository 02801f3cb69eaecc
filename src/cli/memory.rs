//! How much memory there is, and how much the process holds.
//!
//! Known on Linux alone; elsewhere the default limit is [`FALLBACK`] and what the process holds is not known.

/// The default limit where the machine does not tell what it has: 2 GiB.
const FALLBACK: u64 = 2 << 30;

/// The default limit: three quarters of the smaller of the machine's memory and the cgroup's limit.
pub(super) fn default_limit() -> u64 {
    let machine = system::machine();
    let smaller = [machine, system::cgroup()].into_iter().flatten().min();
    smaller.map_or(FALLBACK, |bytes| bytes / 4 * 3)
}

/// The bytes of physical memory that the process holds now.
pub(super) fn resident() -> Option<u64> {
    system::resident()
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs::read_to_string;
    use std::path::Path;

    /// `MemTotal` of the machine.
    pub(super) fn machine() -> Option<u64> {
        kilobytes("/proc/meminfo", "MemTotal:")
    }

    /// `VmRSS` of the process.
    pub(super) fn resident() -> Option<u64> {
        kilobytes("/proc/self/status", "VmRSS:")
    }

    fn kilobytes(file: &str, field: &str) -> Option<u64> {
        let text = read_to_string(file).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix(field))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1024)
    }

    /// The smallest limit of the process's cgroup and those around it; version 2 (`0::/path`) and version 1
    /// (`5:memory:/path`).
    pub(super) fn cgroup() -> Option<u64> {
        let text = read_to_string("/proc/self/cgroup").ok()?;
        text.lines().filter_map(limit_of_line).min()
    }

    fn limit_of_line(line: &str) -> Option<u64> {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, path) = (fields.next()?, fields.next()?);
        if controllers.is_empty() {
            smallest("/sys/fs/cgroup", path, "memory.max")
        } else if controllers.split(',').any(|controller| controller == "memory") {
            smallest("/sys/fs/cgroup/memory", path, "memory.limit_in_bytes")
        } else {
            None
        }
    }

    /// The smallest number in `file` from `root/path` up to `root`. Inside a container the path may not exist below
    /// the root that it sees: then the root counts alone. `max` is no number.
    fn smallest(root: &str, path: &str, file: &str) -> Option<u64> {
        let whole = Path::new(root).join(path.trim_start_matches('/'));
        whole
            .ancestors()
            .take_while(|folder| folder.starts_with(root))
            .filter_map(|folder| read_to_string(folder.join(file)).ok()?.trim().parse().ok())
            .min()
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    pub(super) fn machine() -> Option<u64> {
        None
    }

    pub(super) fn cgroup() -> Option<u64> {
        None
    }

    pub(super) fn resident() -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_fits_its_default_limit() {
        let limit = default_limit();
        assert!(limit >= 1 << 20, "{limit}");
        if cfg!(target_os = "linux") {
            let resident = resident().expect("Linux tells");
            assert!((1..limit).contains(&resident), "{resident} of {limit}");
        }
    }
}

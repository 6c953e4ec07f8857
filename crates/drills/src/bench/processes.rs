//! What processes used, from Linux's /proc (proc(5)).

use std::fs;

use anyhow::Context as _;

/// A clock tick of /proc in microseconds: Linux shows programs 100 of them a second, whatever it counts itself.
const TICK_MICROS: u64 = 10_000;

/// CPU time, user and system, of one process with all its threads, in microseconds.
pub(super) fn cpu_micros(pid: u32) -> anyhow::Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} is gone"))?;
    let ticks = Ticks::read(&stat).context("/proc has another form here")?;
    Ok(ticks.own * TICK_MICROS)
}

/// CPU time of a process and all children it ever had, in microseconds: of a PostgreSQL server, all of it.
pub(super) fn family_cpu_micros(pid: u32) -> anyhow::Result<u64> {
    let mut ticks = 0;
    for entry in fs::read_dir("/proc")? {
        let path = entry?.path();
        let of_process = path.file_name().is_some_and(|name| name.as_encoded_bytes()[0].is_ascii_digit());
        // A process may end while it is looked at; its parent then has its time.
        let Some(found) = of_process.then(|| fs::read_to_string(path.join("stat")).ok()).flatten() else { continue };
        let Some(found) = Ticks::read(&found) else { continue };
        if path.ends_with(pid.to_string()) {
            ticks += found.own + found.ended_children;
        } else if found.parent == pid {
            ticks += found.own;
        }
    }
    Ok(ticks * TICK_MICROS)
}

/// Resident memory of a process in KiB.
pub(super) fn resident_kib(pid: u32) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    line.trim().trim_end_matches(" kB").parse().context("VmRSS is not a number")
}

/// The machine in general words: its cores, its memory, its processor.
pub(super) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let first = |path: &str, name: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines()
            .find(|line| line.starts_with(name))
            .and_then(|line| line.split_once(':'))
            .map(|(_, value)| value.trim().to_owned())
    };
    let memory = first("/proc/meminfo", "MemTotal").and_then(|value| value.trim_end_matches(" kB").parse::<u64>().ok());
    let memory = memory.map_or_else(String::new, |kib| format!(", {} GiB of memory", (kib + (1 << 19)) >> 20));
    let processor = first("/proc/cpuinfo", "model name").map_or_else(String::new, |name| format!(", {name}"));
    format!("one shared machine with {cores} cores{memory}{processor}; server, database and load generator together")
}

/// The ticks in a `stat` file.
#[derive(Debug, PartialEq)]
struct Ticks {
    parent: u32,
    own: u64,
    ended_children: u64,
}

impl Ticks {
    fn read(stat: &str) -> Option<Self> {
        // The name of a program stands in parentheses and may hold spaces and parentheses itself.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            own: number(11)? + number(12)?,
            ended_children: number(13)? + number(14)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_found_behind_any_name() {
        let stat = "42 (a) (b) c) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 30 4 20 0 1 0 5 6 7";

        assert_eq!(Ticks::read(stat), Some(Ticks { parent: 7, own: 120, ended_children: 34 }));
        assert_eq!(Ticks::read("42 (a"), None);
    }
}

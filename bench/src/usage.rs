//! What a process has used: CPU and memory.

use std::fs;
use std::path::Path;

use rustix::time::{ClockId, clock_gettime};

/// CPU time of this process so far, every thread of it, in milliseconds.
#[expect(
    clippy::cast_precision_loss,
    reason = "nanoseconds of a process fit the 53 bits of a float for a hundred days"
)]
pub fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// The most memory this process had resident so far, in KiB; nothing where there is no `/proc`.
///
/// Not `ru_maxrss`: what a parent had when it started a process counts there as the process's own.
///
/// Source: <https://man7.org/linux/man-pages/man5/proc_pid_status.5.html> (`VmHWM`)
pub fn peak_kib() -> Option<u64> {
    peak_kib_in(Path::new("/proc/self"))
}

/// The same of another process.
pub fn peak_kib_of(process: u32) -> Option<u64> {
    peak_kib_in(Path::new(&format!("/proc/{process}")))
}

fn peak_kib_in(folder: &Path) -> Option<u64> {
    let status = fs::read_to_string(folder.join("status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// CPU time of another process since it was started, every living thread of it, in milliseconds. The
/// scheduler's own count, since that of `/proc/PID/stat` goes by hundredths of a second.
///
/// Source: <https://docs.kernel.org/scheduler/sched-stats.html> (`/proc/<pid>/schedstat`)
#[expect(
    clippy::cast_precision_loss,
    reason = "nanoseconds of a process fit the 53 bits of a float for a hundred days"
)]
pub fn cpu_ms_of(process: u32) -> Option<f64> {
    let mut total = 0;
    for task in fs::read_dir(format!("/proc/{process}/task")).ok()? {
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        total += text.split(' ').next()?.parse::<u64>().ok()?;
    }
    Some(total as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;

    #[test]
    fn work_is_seen_from_inside_and_from_outside() {
        let begin = cpu_ms();
        let mut sum = 0_u64;
        while cpu_ms() - begin < 20.0 {
            sum = black_box(sum.wrapping_mul(31).wrapping_add(7));
        }
        // Threads of other tests that have ended count inside only.
        let outside = cpu_ms_of(std::process::id()).expect("Linux");
        assert!((1.0..=cpu_ms()).contains(&outside), "{outside} ms");
        assert_eq!(cpu_ms_of(u32::MAX), None);
    }

    #[test]
    fn memory_that_was_touched_is_the_peak() {
        let before = peak_kib().expect("Linux");
        let block = black_box(vec![1_u8; 64 << 20]);
        assert!(block.iter().step_by(4096).all(|&byte| byte == 1));
        drop(block);
        let after = peak_kib().expect("Linux");
        assert!(
            after >= before + 60 * 1024 || before > 64 << 10,
            "{before} and {after} KiB"
        );
        assert_eq!(
            peak_kib_of(std::process::id()).map(|kib| kib >= after),
            Some(true)
        );
    }
}

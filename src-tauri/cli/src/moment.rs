//! Moments as people type them.

use chrono::{Local, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use rolecall_engine::ports::Timestamp;

/// A point in time, absolute or relative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// POSIX seconds.
    At(i64),
    /// Seconds before now.
    Ago(i64),
}

impl Moment {
    pub(crate) fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => Timestamp(at),
            Self::Ago(seconds) => now.plus(-seconds),
        }
    }
}

/// Reads a moment; a date means the beginning of that day in the computer's time zone.
pub(crate) fn since(text: &str) -> Result<Moment, String> {
    read(text, NaiveTime::MIN)
}

/// Reads a moment; a date means the end of that day.
pub(crate) fn until(text: &str) -> Result<Moment, String> {
    read(text, NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default())
}

fn read(text: &str, time_of_day: NaiveTime) -> Result<Moment, String> {
    let text = text.trim();
    if let Some(ago) = ago(text) {
        return Ok(Moment::Ago(ago));
    }
    if let Ok(moment) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(Moment::At(moment.timestamp()));
    }
    let local =
        |moment: NaiveDateTime| Local.from_local_datetime(&moment).earliest().map(|at| Moment::At(at.timestamp()));
    let forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let exact = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(time_of_day));
    exact
        .or_else(day)
        .and_then(local)
        .ok_or_else(|| "write a date such as 2026-10-27, or how long ago, such as 7d or 12h".into())
}

/// `7d`, `12h`, `30m`, `2w`, in seconds.
fn ago(text: &str) -> Option<i64> {
    let unit = match text.chars().next_back()? {
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return None,
    };
    let number: i64 = text.get(..text.len() - 1)?.parse().ok()?;
    (0..=100_000).contains(&number).then(|| number * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_a_time_and_so_long_ago_are_read_and_nonsense_is_not() {
        assert_eq!(since("7d"), Ok(Moment::Ago(7 * 86_400)));
        assert_eq!(since("12h"), Ok(Moment::Ago(43_200)));
        assert_eq!(since("2026-10-27T10:00:00Z"), Ok(Moment::At(1_793_095_200)));
        let (Ok(Moment::At(begin)), Ok(Moment::At(end))) = (since("2026-10-27"), until("2026-10-27")) else {
            panic!("a day is a moment")
        };
        assert_eq!(end - begin, 86_399);
        for text in ["", "d", "yesterday", "2026-13-01", "-3d", "7 d", "999999999d", "é", "7é"] {
            assert!(since(text).is_err(), "{text}");
        }
    }
}

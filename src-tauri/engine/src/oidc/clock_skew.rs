use std::time::UNIX_EPOCH;

use crate::ports::Timestamp;

/// By how much two clocks may differ before it is said, in seconds. Nothing is accepted because of it that would not be
/// otherwise.
const TOLERATED: i64 = 300;

/// `Date` of an answer (RFC 9110 section 6.6.1), in any of the three forms a recipient must take (section 5.6.7). One
/// before 1970 is none.
pub(super) fn date(header: &str) -> Option<Timestamp> {
    let since = httpdate::parse_http_date(header).ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok().map(Timestamp)
}

/// Seconds to wait, as `Retry-After` says: so many, or until a date (RFC 9110 section 10.2.3).
pub(super) fn retry_after(header: &str, now: Option<Timestamp>) -> Option<u32> {
    let seconds = header.trim().parse::<i64>().ok().or_else(|| Some(date(header)?.0.saturating_sub(now?.0)))?;
    u32::try_from(seconds.max(0)).ok()
}

/// Says by how much this computer's clock is off, where the answer's `Date` shows it.
pub(super) fn describe(server_date: Option<Timestamp>, ours: Timestamp) -> Option<String> {
    let off = ours.0.saturating_sub(server_date?.0);
    let way = if off > 0 { "ahead of" } else { "behind" };
    let (count, unit) = match off.unsigned_abs() {
        seconds if seconds <= TOLERATED.unsigned_abs() => return None,
        seconds if seconds < 7200 => (seconds / 60, "minutes"),
        seconds if seconds < 2 * 86_400 => (seconds / 3600, "hours"),
        seconds => (seconds / 86_400, "days"),
    };
    Some(format!("this computer's clock is {count} {unit} {way} the provider's"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_by_more_than_five_minutes_is_told_in_words() {
        let server_date = date("Tue, 14 Nov 2023 22:13:20 GMT");
        assert_eq!(server_date, Some(Timestamp(1_700_000_000)));
        for (off, said) in [
            (0, None),
            (300, None),
            (-300, None),
            (301, Some("5 minutes ahead of")),
            (-3600, Some("60 minutes behind")),
            (7200, Some("2 hours ahead of")),
            (-1_000_000, Some("11 days behind")),
        ] {
            let words = describe(server_date, Timestamp(1_700_000_000 + off));
            assert_eq!(words.is_some(), said.is_some(), "{off}: {words:?}");
            assert!(said.is_none_or(|said| words.unwrap().contains(said)), "{off}");
        }
        assert_eq!(describe(None, Timestamp(0)), None);
        assert_eq!(date("Tuesday, 14-Nov-23 22:13:20 GMT"), server_date);
        assert_eq!(date("Tue Nov 14 22:13:20 2023"), server_date);
        assert_eq!(date("yesterday"), None);
    }

    #[test]
    fn rf_5_how_long_to_wait_is_read_in_both_forms() {
        let now = Some(Timestamp(1_700_000_000));
        for (header, wait) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("-5", Some(0)),
            ("Tue, 14 Nov 2023 22:14:20 GMT", Some(60)),
            ("Tue, 14 Nov 2023 22:00:00 GMT", Some(0)),
            ("99999999999", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(header, now), wait, "{header}");
        }
    }
}

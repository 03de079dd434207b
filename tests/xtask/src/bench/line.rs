/// One line of what was measured.
pub(super) enum Line {
    /// Medians in milliseconds: ours and that beside it, with its name and the goal for the ratio.
    Beside(String, f64, (&'static str, f64), &'static str),
    /// A median in milliseconds that stands alone.
    Alone(String, f64),
    /// What could not be measured, and why.
    Not(String),
}

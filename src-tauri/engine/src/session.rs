//! The session of one profile as it stands between two refreshes.

use super::Entitlements;

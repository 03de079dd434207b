use url::Url;

use crate::ports::Timestamp;

/// The code and address for signing in on another device.
#[derive(Clone, Debug)]
pub struct DeviceCode {
    /// The code to type, as the provider writes it.
    pub user_code: String,
    /// The address of the page for the code.
    pub address: Url,
    /// The same address with the code in it, where the provider gives one.
    pub link: Option<Url>,
    /// When it runs out, POSIX seconds.
    pub until: Timestamp,
}

impl DeviceCode {
    /// The link, or else the address, as a picture for a camera: rows from top to bottom, `true` where it is dark. Without
    /// the quiet zone around it, which has to be four modules wide. `None` for one too long for a picture.
    ///
    /// Phones read what it leads to aloud, so the code is shown beside it all the same (RFC 8628 section 3.3.1).
    #[must_use]
    pub fn picture(&self) -> Option<Vec<Vec<bool>>> {
        let text = self.link.as_ref().unwrap_or(&self.address).as_str();
        let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).ok()?;
        let dark: Vec<bool> = code.to_colors().into_iter().map(|color| color == qrcode::Color::Dark).collect();
        Some(dark.chunks(code.width()).map(<[bool]>::to_vec).collect())
    }
}

//! JumpCloud. One group is a text, several are a list; the administrator names the claim.

use super::Definition;
use super::knowledge::Knowledge;

pub(super) static PRODUCT: Definition = Definition {
    knowledge: Knowledge {
        word: "jumpcloud",
        name: "JumpCloud",
        hosts: &[".jumpcloud.com"],
        send: "Add a group attribute under the application’s attribute mapping; its name becomes the claim’s. If it is not groups or roles, name it in the profile’s claims.",
        assign: "Bind the user group to the application (SSO Applications › the app › User Groups), and add the person to it.",
        admit: "Bind a user group of the person’s to the application: SSO Applications › the app › User Groups.",
        ..Knowledge::GENERIC
    },
    rules: &[],
};

//! A provider whose certificate is of an authority that only the profile knows.

use rolecall_engine::Code;
use rolecall_engine::config::Profile;
use rolecall_it::{World, quick};
use rolecall_provider::Options;

#[tokio::test]
async fn the_authority_a_profile_names_is_trusted_and_no_other() {
    let world = World::with(Options { tls: true, ..Options::default() });
    let stranger = Profile { ca_file: None, ..world.profile() };
    let problem = world.engine.sign_in(&stranger, &quick(), |_| {}).await.unwrap_err();
    assert_eq!(problem.code, Code::UntrustedCertificate);
    assert!(world.provider.requests().is_empty(), "nothing was asked over such a connection");

    assert_eq!(world.sign_in().await.unwrap().identity.name, "Ed Itor");
    world.engine.refresh(&world.profile()).await.unwrap();
    world.provider.stop();
    assert_eq!(world.engine.refresh(&world.profile()).await.unwrap_err().code, Code::Unreachable);
    world.provider.resume().unwrap();
    world.engine.refresh(&world.profile()).await.unwrap();
}

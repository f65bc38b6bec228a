//! A running stack as it would be with another template.

use iac::local::gateway::{Api, Gateway, GatewayError, Server, listen};
use iac::local::template::DeployedStack;

use crate::system::System;

/// A gateway in front of the same engine, for a stack that was changed after it was deployed.
pub(crate) fn changed<T>(
    system: &System,
    change: impl FnOnce(&mut DeployedStack),
    test: impl FnOnce(u16) -> T,
) -> Result<T, GatewayError> {
    system.runtime.block_on(async {
        let mut stack = system
            .session
            .deployment
            .deployed()
            .await
            .expect("deployed");
        change(&mut stack);
        let (observer, _exchanges) = tokio::sync::mpsc::unbounded_channel();
        let gateway = Gateway::new(
            Api::of_stack(&stack)?,
            system.session.engine.access().clone(),
            observer,
        );
        let server = Server::start(listen(0).await?, gateway, false)?;
        let port = server.address.port();
        let result = tokio::task::block_in_place(|| test(port));
        server.stop().await;
        Ok(result)
    })
}

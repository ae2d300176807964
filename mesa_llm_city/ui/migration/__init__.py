"""Migration in the browser: regions, flows, decisions and what drove them, policy and control."""

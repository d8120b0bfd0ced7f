"""Background jobs: each a thin call of one service, run by `survey-service worker`."""

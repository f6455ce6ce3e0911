"""A JupyterHub as a class has it: Unix accounts, their passwords, a server for each.

The test (classroom.py) sets the variables.
"""

import os

base = os.environ["HUB_BASE"]
users = set(os.environ["HUB_USERS"].split())

c = get_config()  # noqa: F821 (JupyterHub defines it)
c.JupyterHub.bind_url = os.environ["HUB_URL"]
c.JupyterHub.hub_port = int(os.environ["HUB_PORT"])
c.JupyterHub.db_url = f"sqlite:///{base}/hub/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{base}/hub/cookie_secret"
c.JupyterHub.log_level = "WARN"
c.ConfigurableHTTPProxy.command = [os.environ["HUB_PROXY"], "--log-level", "error"]
c.ConfigurableHTTPProxy.api_url = os.environ["HUB_PROXY_API"]
c.ConfigurableHTTPProxy.pid_file = f"{base}/hub/proxy.pid"
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.open_sessions = False  # a container has none
c.Authenticator.allowed_users = users
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.cmd = [os.environ["HUB_PYTHON"], "-m", "jupyterhub.singleuser"]
c.Spawner.notebook_dir = "~"
c.Spawner.http_timeout = 60
c.Spawner.start_timeout = 60
c.Spawner.environment = {
    "JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp",
    "JUPYTER_PATH": os.environ["HUB_SHARED"] + "/share/jupyter",
    "CONVBOOK_SEEDS": "1",  # of each experiment
}

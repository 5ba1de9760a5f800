# The official Python SDK of Infisical as a caller: logs in at the address given, lists a folder, prints what it understood as JSON.
import json
import sys

from infisical_sdk import InfisicalSDKClient

origin, client_id, client_secret, project, environment = sys.argv[1:6]
client = InfisicalSDKClient(host=origin)
client.auth.universal_auth.login(client_id=client_id, client_secret=client_secret)
answer = client.secrets.list_secrets(
    project_id=project,
    environment_slug=environment,
    secret_path="/",
    expand_secret_references=True,
    include_imports=True,
)
print(json.dumps({secret.secretKey: secret.secretValue for secret in answer.secrets}))

#!/bin/bash
# From two bare Debian machines to the first touch in the ledger (最初のタッチまで). Run as a script it needs what a
# person reads off the screen: HOST, SITE, TOKEN (of init), TEXT (of enrolment-code). The README shows the same list.
set -e

# On the gateway's machine
sudo apt-get install -y --no-install-recommends ./genba-tap.deb
sudo genba-gateway init --host "$HOST"
curl -fsS -T registry.json -H "authorization: Bearer $TOKEN" http://127.0.0.1:8320/v1/registry
sudo genba-gateway enrolment-code --site "$SITE"

# On the terminal; then hold a card to the reader
sudo apt-get install -y ./genba-tap.deb
sudo genba enrol "$TEXT"
sudo genba pin --manager 所長
sudo genba self-test
sudo genba card bind
sudo genba status

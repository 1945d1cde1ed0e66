"""Tables that people have: exports of the publishers' sites, SKR's workbooks; read as answers."""

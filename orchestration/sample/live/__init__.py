"""The sample company's systems, running: its CRM in PostgreSQL, its call centre in MariaDB, its surveys over HTTP."""

"""What people see: a Streamlit report on the published file."""

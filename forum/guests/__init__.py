"""What people write without an account, and how it becomes theirs who get one."""

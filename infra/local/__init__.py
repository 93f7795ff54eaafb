"""The whole platform on one machine: the same stacks as on AWS, on an emulator that needs neither account nor Docker."""

"""The rules of eligibility: answers in, a verdict with its reason for each rule out."""

"""The matching algorithm of the NRMP: applicants propose, programs hold; many-to-one, lists may be incomplete. Couples are left out."""

"""What happens to an email, an SMS or a WhatsApp message on its way to the payer."""
